/** How what the clients of a round hold becomes one network. */
@NullMarked
package io.espalier.masks.aggregation;

import org.jspecify.annotations.NullMarked;
