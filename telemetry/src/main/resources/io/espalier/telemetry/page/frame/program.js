/** The program's name as it is typed where the server was started, such as ./espalier in a checkout. */
let program = "espalier";

export const nameProgram = (name) => { program = name ?? program; };

/** A command to paste: `espalier resume r1` with the name to type. */
export const toType = (command) => command.replace(/^espalier(?= )/, () => program);
