/** The events of one run, as they were and as they come, for people and programs to follow. */
package io.espalier.telemetry.tail;
