/** What the training service costs while it has nothing to do. */
package io.espalier.bench.idle;
