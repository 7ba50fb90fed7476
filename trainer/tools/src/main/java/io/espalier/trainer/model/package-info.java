/** Stored networks and masks: files, inference, predictions and cost. */
package io.espalier.trainer.model;
