// The player: what plays a recording on its page.

export {};
