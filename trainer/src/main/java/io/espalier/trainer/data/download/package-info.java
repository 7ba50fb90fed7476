/**
 * Data sets from a mirror: fetched once, resumed where a transfer broke, used only if unaltered.
 */
package io.espalier.trainer.data.download;
