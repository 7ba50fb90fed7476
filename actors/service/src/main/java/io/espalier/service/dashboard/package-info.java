/** The dashboard server: page, assets and live streams. */
package io.espalier.service.dashboard;
