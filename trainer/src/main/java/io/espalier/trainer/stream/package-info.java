/** Examples that arrive while a run trains: their order, their place in it, and their format. */
package io.espalier.trainer.stream;
