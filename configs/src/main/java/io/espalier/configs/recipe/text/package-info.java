/**
 * The text of recipes: HOCON with its places, blocks read key by key, families of named choices.
 */
@NullMarked
package io.espalier.configs.recipe.text;

import org.jspecify.annotations.NullMarked;
