/** Image files: decoding, colours, orientation, and resampling to one shape. */
package io.espalier.trainer.data.image;
