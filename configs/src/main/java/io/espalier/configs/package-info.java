/** The records of a recipe, validated. */
package io.espalier.configs;
