/** Data sets by source: bundled, CSV, IDX, image files and custom ones, and downloads. */
package io.espalier.trainer.data.source;
