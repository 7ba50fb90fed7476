/** A run's recipe as immutable records; {@link io.espalier.configs.recipe} reads them from text. */
@NullMarked
package io.espalier.configs;

import org.jspecify.annotations.NullMarked;
