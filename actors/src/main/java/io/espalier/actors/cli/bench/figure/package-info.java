/** Measured ratios beside their budgets, and how they are shown and kept. */
@NullMarked
package io.espalier.actors.cli.bench.figure;

import org.jspecify.annotations.NullMarked;
