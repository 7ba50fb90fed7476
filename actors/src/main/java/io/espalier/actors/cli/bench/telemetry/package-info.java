/** What telemetry carries, and what it costs a run. */
@NullMarked
package io.espalier.actors.cli.bench.telemetry;

import org.jspecify.annotations.NullMarked;
