/** The state of a replica: layout, packing and digest. */
package io.espalier.trainer.state;
