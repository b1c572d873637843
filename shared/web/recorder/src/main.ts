// The recorder: what a site's one script tag starts.

export {};
