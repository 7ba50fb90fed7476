/** The fold of a run's events into its document. */
@NullMarked
package io.espalier.telemetry.view.run;

import org.jspecify.annotations.NullMarked;
