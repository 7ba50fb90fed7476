/** Data sources: bundled, CSV and IDX data sets and their file formats. */
package io.espalier.trainer.data.source;
