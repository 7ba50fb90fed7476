/** Masks that fit the budgets of devices. */
@NullMarked
package io.espalier.masks.nesting;

import org.jspecify.annotations.NullMarked;
