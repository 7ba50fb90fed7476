/** One mask update: score, allocate, select. */
@NullMarked
package io.espalier.masks.update;

import org.jspecify.annotations.NullMarked;
