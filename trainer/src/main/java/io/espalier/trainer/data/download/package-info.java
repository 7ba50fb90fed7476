/**
 * Data sets from a mirror: fetched once, resumed where a transfer broke, used only if unaltered.
 */
@NullMarked
package io.espalier.trainer.data.download;

import org.jspecify.annotations.NullMarked;
