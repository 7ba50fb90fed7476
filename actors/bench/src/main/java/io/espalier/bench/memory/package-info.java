/** What runs take in memory, measured in processes of their own. */
package io.espalier.bench.memory;
