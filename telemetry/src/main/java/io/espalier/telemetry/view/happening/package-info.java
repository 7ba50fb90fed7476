/** What happened to a run, in words. */
@NullMarked
package io.espalier.telemetry.view.happening;

import org.jspecify.annotations.NullMarked;
