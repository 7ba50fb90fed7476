/** Rows of files under the contract of a network: its inputs, columns and classes. */
@NullMarked
package io.espalier.trainer.data.rows;

import org.jspecify.annotations.NullMarked;
