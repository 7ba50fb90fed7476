/** The program {@code espalier}: its command line, its exit codes and the smaller commands. */
package io.espalier.cli;
