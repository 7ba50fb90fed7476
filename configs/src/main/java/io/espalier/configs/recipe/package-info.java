/** Reads recipes: HOCON text into configuration records, with all errors reported at once. */
package io.espalier.configs.recipe;
