/** The read model of what a broker has, kept up to date as events come. */
package io.espalier.telemetry.live;
