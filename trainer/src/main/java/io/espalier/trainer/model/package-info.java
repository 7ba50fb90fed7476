/** The finished network and its masks as files, and what they cost. */
package io.espalier.trainer.model;
