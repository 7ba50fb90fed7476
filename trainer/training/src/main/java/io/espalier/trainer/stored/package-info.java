/** A network as a model file holds it, run as it is: by predictions, and by students. */
package io.espalier.trainer.stored;
