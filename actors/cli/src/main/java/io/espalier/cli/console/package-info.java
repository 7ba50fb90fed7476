/** What commands share: options, text tables, progress lines, output files. */
package io.espalier.cli.console;
