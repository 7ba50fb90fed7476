/** Processes and directories of a bench, which do not outlive it. */
@NullMarked
package io.espalier.actors.cli.bench.process;

import org.jspecify.annotations.NullMarked;
