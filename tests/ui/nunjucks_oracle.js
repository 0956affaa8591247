// Renders what stands on stdin, [[macro, file, parameters], ...], as Nunjucks itself does.
const path = require("path");
const root = process.argv[2];
const nunjucks = require(path.join(root, "nunjucks"));
const env = new nunjucks.Environment(
  new nunjucks.FileSystemLoader(path.join(root, "dkfds", "src")), { autoescape: true });
let input = "";
process.stdin.on("data", (part) => { input += part; });
process.stdin.on("end", () => {
  const out = JSON.parse(input).map(([macro, file, params]) =>
    env.renderString(`{% from "${file}" import ${macro} as it %}{{ it(params) }}`, { params }));
  process.stdout.write(JSON.stringify(out));
});
