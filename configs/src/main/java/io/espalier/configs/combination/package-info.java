/** Which choices of a recipe do not go together, and why. */
package io.espalier.configs.combination;
