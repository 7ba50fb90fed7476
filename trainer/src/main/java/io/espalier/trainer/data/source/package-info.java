/** Data sets by source: bundled, CSV, IDX and custom ones, and downloads. */
package io.espalier.trainer.data.source;
