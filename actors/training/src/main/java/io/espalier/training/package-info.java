/** The actors of one run: coordinator, trainers, supervision and placement. */
package io.espalier.training;
