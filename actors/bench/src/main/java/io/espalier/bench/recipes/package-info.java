/** {@code bench recipes}: accuracy of each method. */
package io.espalier.bench.recipes;
