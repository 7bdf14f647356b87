// Files by npm's docx: reads jobs [{file, way, before, info, after, roles}] from the first argument.
const fs = require("fs");
const D = require("docx");

const ALIGN = { left: D.AlignmentType.LEFT, center: D.AlignmentType.CENTER, both: D.AlignmentType.BOTH };
const HEADINGS = { title: D.HeadingLevel.TITLE, h1: D.HeadingLevel.HEADING_1, h2: D.HeadingLevel.HEADING_2 };
const face = (name) => ({ ascii: "Times New Roman", hAnsi: "Times New Roman", eastAsia: name });

function look(role) {
  return { font: face(role[0]), size: role[1] * 2 };
}

function styleOf(name, role, basedOn) {
  return { id: `s${name}`, name: `样式${name}`, basedOn, run: look(role), paragraph: { alignment: ALIGN[role[2]] } };
}

const WAYS = {
  runs: (text, role, name) => ({ alignment: ALIGN[role[2]], children: [new D.TextRun({ text, ...look(role) })] }),
  styles: (text, role, name) => ({ style: `s${name}`, children: [new D.TextRun(text)] }),
  headings: (text, role, name) => ({ heading: HEADINGS[name], children: [new D.TextRun(text)] }),
  mixed: (text, role, name) => ({
    style: `s${name}`,
    children: [new D.TextRun(text.slice(0, 9)), new D.TextRun({ text: text.slice(9), bold: true, size: 30 })],
  }),
  numbers: (text, role, name) => ({
    style: `s${name}`,
    numbering: name[0] === "h" ? { reference: "n", level: Number(name[1]) - 1 } : undefined,
    children: [new D.TextRun(text)],
  }),
  bare: (text) => ({ children: [new D.TextRun(text)] }),
};

const NUMBERS = {
  reference: "n",
  levels: [
    { level: 0, format: D.LevelFormat.CHINESE_COUNTING, text: "%1、", style: { run: look(["黑体", 16]) } },
    { level: 1, format: D.LevelFormat.DECIMAL, text: "（%2）" },
  ],
};

function documentOf(job) {
  const block = ([name, text]) => new D.Paragraph(WAYS[job.way](text, job.roles[name], name));
  const cell = (text) => new D.TableCell({ children: [block(["cell", text])] });
  const rows = job.info.map((pair) => new D.TableRow({ children: pair.map(cell) }));
  const children = [...job.before.map(block), new D.Table({ rows }), ...job.after.map(block)];
  const paragraphStyles = Object.entries(job.roles).map(([name, role]) => styleOf(name, role, "Normal"));
  const roles = job.roles;
  const headings = { title: { run: look(roles.title) }, heading1: { run: look(roles.h1) }, heading2: { run: look(roles.h2) } };
  return new D.Document({
    styles: { paragraphStyles, default: { document: { run: look(["宋体", 12]) }, ...headings } },
    numbering: { config: [NUMBERS] },
    sections: [{ children }],
  });
}

async function main() {
  for (const job of JSON.parse(fs.readFileSync(process.argv[2], "utf8"))) {
    fs.writeFileSync(job.file, await D.Packer.toBuffer(documentOf(job)));
  }
}

main();
