"""Files of any size by web page: the tus 1.0 protocol, resumable, into the same inbox as the chat."""
