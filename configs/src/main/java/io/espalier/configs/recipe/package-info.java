/** Recipes: HOCON text, from a file or shipped, turned once into the records of a run. */
@NullMarked
package io.espalier.configs.recipe;

import org.jspecify.annotations.NullMarked;
