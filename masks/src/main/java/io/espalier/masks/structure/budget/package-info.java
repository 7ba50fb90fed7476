/** Which channels to keep under a budget. */
@NullMarked
package io.espalier.masks.structure.budget;

import org.jspecify.annotations.NullMarked;
