"""The only place that speaks WeCom: envelopes, channels, gateway."""
