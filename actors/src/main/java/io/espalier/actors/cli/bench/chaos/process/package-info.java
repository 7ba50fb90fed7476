/** Processes and directories that never outlive the bench. */
@NullMarked
package io.espalier.actors.cli.bench.chaos.process;

import org.jspecify.annotations.NullMarked;
