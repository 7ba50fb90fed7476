/** What can happen in a run, as immutable records with stable names, one JSON form and one text. */
package io.espalier.telemetry.event;
