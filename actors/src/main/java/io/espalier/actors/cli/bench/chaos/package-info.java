/** Runs that are killed at random moments, and what becomes of them. */
@NullMarked
package io.espalier.actors.cli.bench.chaos;

import org.jspecify.annotations.NullMarked;
