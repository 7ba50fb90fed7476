/** Corruptions of images, by which the robustness of a network is measured. */
package io.espalier.trainer.analysis.corruption;
