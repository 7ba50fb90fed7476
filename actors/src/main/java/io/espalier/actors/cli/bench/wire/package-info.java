/** Hostile bytes for a federation's gateway, and what they bring about. */
@NullMarked
package io.espalier.actors.cli.bench.wire;

import org.jspecify.annotations.NullMarked;
