/** What channels that are cut in mid-training buy, and what they cost. */
package io.espalier.bench.shrink;
