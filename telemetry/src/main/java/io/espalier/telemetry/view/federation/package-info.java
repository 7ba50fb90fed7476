/** The fold of what a federation's rounds and clients did. */
@NullMarked
package io.espalier.telemetry.view.federation;

import org.jspecify.annotations.NullMarked;
