/** Tests of recipes, through their texts. */
@NullMarked
package io.espalier.configs.recipe;

import org.jspecify.annotations.NullMarked;
