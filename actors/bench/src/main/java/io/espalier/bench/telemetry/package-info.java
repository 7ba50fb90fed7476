/** What telemetry carries, and what it costs a run. */
package io.espalier.bench.telemetry;
