/** Schedules and the plan of a run: when masks are updated, and to which counts. */
package io.espalier.masks.schedule;
