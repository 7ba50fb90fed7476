/** What can happen in a run, as immutable records with stable names and one JSON form. */
@NullMarked
package io.espalier.telemetry.event;

import org.jspecify.annotations.NullMarked;
