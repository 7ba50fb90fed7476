/** Examples that arrive during a run: order, position and format. */
package io.espalier.trainer.stream;
