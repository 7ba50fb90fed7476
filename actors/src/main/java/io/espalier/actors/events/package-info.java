/** What a run tells of itself, as telemetry events. */
@NullMarked
package io.espalier.actors.events;

import org.jspecify.annotations.NullMarked;
