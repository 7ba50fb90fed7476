/** Recipes of strangers: what they may ask of the parser. */
@NullMarked
package io.espalier.configs.submission;

import org.jspecify.annotations.NullMarked;
