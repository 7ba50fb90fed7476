/** Labelled examples: normalization, augmentation and splits. */
package io.espalier.trainer.data;
